/// What kind of fault a field has: the closed set of `metav1.CauseType` that validation uses.
///
/// The raw value is the `reason` of a StatusCause (upstream: `k8s.io/apimachinery/pkg/apis/meta/v1/types.go`).
package enum FieldReason: String, Sendable {
    case required = "FieldValueRequired"
    case invalid = "FieldValueInvalid"
    case duplicate = "FieldValueDuplicate"
    case notSupported = "FieldValueNotSupported"
    case forbidden = "FieldValueForbidden"
    case notFound = "FieldValueNotFound"
    case typeInvalid = "FieldValueTypeInvalid"
    case tooLong = "FieldValueTooLong"

    /// The words that open a message, as Kubernetes' own validation has them (`field.ErrorType.String`).
    package var phrase: String {
        switch self {
        case .required: "Required value"
        case .invalid: "Invalid value"
        case .duplicate: "Duplicate value"
        case .notSupported: "Unsupported value"
        case .forbidden: "Forbidden"
        case .notFound: "Not found"
        case .typeInvalid: "Invalid value"
        case .tooLong: "Too long"
        }
    }

    /// Whether a message of this reason shows the value found.
    package var showsValue: Bool {
        switch self {
        case .required, .forbidden: false
        case .invalid, .duplicate, .notSupported, .notFound, .typeInvalid, .tooLong: true
        }
    }
}
