import Admission
import TestSupport
import Testing

/// A body that cannot be answered says why: the server answers 400 with this text.
@Suite struct ReviewErrorTests {
    private static func review(_ request: String) -> String {
        #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":\#(request)}"#
    }

    private static let region = #""kind":{"group":"region.unikorn-cloud.org","version":"v1alpha1","kind":"Region"}"#

    static let bodies = [
        ("[]", "expected an AdmissionReview, found an array"),
        ("null", "expected an AdmissionReview, found null"),
        ("\"AdmissionReview\"", "expected an AdmissionReview, found a string"),
        ("{}", "expected kind AdmissionReview, found none"),
        (#"{"kind":"Region"}"#, "expected kind AdmissionReview, found \"Region\""),
        (#"{"kind":7}"#, "expected kind AdmissionReview, found 7"),
        (#"{"Kind":"AdmissionReview"}"#, "expected kind AdmissionReview, found none"),
        (
            #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v2"}"#,
            "apiVersion is admission.k8s.io/v1 or admission.k8s.io/v1beta1, found \"admission.k8s.io/v2\""
        ),
        (
            #"{"kind":"AdmissionReview"}"#,
            "apiVersion is admission.k8s.io/v1 or admission.k8s.io/v1beta1, found none"
        ),
        (#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}"#, "the AdmissionReview has no request"),
        (review("null"), "the AdmissionReview has no request"),
        (review("[]"), "the AdmissionReview has no request"),
        (review("{}"), "request.uid is missing"),
        (review(#"{"uid":""}"#), "request.uid is missing"),
        (review(#"{"uid":5}"#), "request.uid is missing"),
        (review(#"{"uid":"a"}"#), "request.operation is CREATE, UPDATE, DELETE or CONNECT, found none"),
        (
            review(#"{"uid":"a","operation":"create"}"#),
            "request.operation is CREATE, UPDATE, DELETE or CONNECT, found \"create\""
        ),
        (
            review(#"{"uid":"a","operation":"CRE\u0000\u202eATE"}"#),
            #"request.operation is CREATE, UPDATE, DELETE or CONNECT, found "CRE\u0000\u{202E}ATE""#
        ),
        (
            review(#"{"uid":"a","operation":"CREATE",\#(region)}"#), "request.object is missing, which CREATE has"
        ),
        (
            review(#"{"uid":"a","operation":"UPDATE",\#(region),"object":null,"oldObject":{}}"#),
            "request.object is missing, which UPDATE has"
        ),
    ]

    @Test(arguments: bodies) func message(_ body: String, _ expected: String) throws {
        for endpoint in [Endpoint.validate, .mutate] {
            let error = #expect(throws: ReviewError.self) { try Answering.bytes(Array(body.utf8), endpoint) }
            #expect(error?.description == expected)
        }
    }

    @Test func longTextsAreCut() throws {
        let body = Self.review(#"{"uid":"a","operation":"\#(String(repeating: "x", count: 100_000))"}"#)
        let error = #expect(throws: ReviewError.self) { try Answering.bytes(Array(body.utf8)) }
        #expect((error?.description.count ?? 0) < 200)
    }

    /// What is not an object at all is still an answer: the finding says so.
    @Test func anObjectThatIsNone() throws {
        let answer = try Answering.answer(ReviewBody(region: "5"))
        #expect(!answer.response.allowed)
        #expect(answer.response.status?.message.contains("expected an object, found an integer") == true)
    }
}
