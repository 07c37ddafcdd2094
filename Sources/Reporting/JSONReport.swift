import KubernetesTypes
import Policy

/// The report as one JSON object, for programs.
package enum JSONReport {
    /// `{"findings":[{rule,severity,file,line,column,object,field,reason,message}],"summary":{…}}` and a newline.
    ///
    /// `object` is null for a document that is none; a conflict has `related`, its other place, too. What has no place,
    /// because its file changed while it was read, has line and column 0.
    package static func write(_ report: Report) -> [UInt8] {
        var output: [UInt8] = []
        output.append(json: #"{"findings":"#)
        output.append(jsonArray: report.entries) { write($1, into: &$0) }
        output.append(json: #","summary":{"#)
        let summary = report.summary
        let counts = [
            ("files", summary.files), ("documents", summary.documents), ("objects", summary.objects),
            ("skipped", summary.skipped), ("errors", summary.errors), ("warnings", summary.warnings),
        ]
        for (index, (name, count)) in counts.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output.append(jsonString: name)
            output.append(UInt8(ascii: ":"))
            output.append(jsonInteger: count)
        }
        output.append(json: "}}\n")
        return output
    }

    private static func write(_ entry: ReportEntry, into output: inout [UInt8]) {
        let finding = entry.finding
        output.append(json: #"{"rule":"#)
        output.append(jsonString: finding.rule.rawValue)
        output.append(json: #","severity":"#)
        output.append(jsonString: finding.severity.word)
        output.append(json: #","file":"#)
        output.append(printableJSONString: entry.file)
        output.append(json: #","line":"#)
        output.append(jsonInteger: entry.position.line)
        output.append(json: #","column":"#)
        output.append(jsonInteger: entry.position.column)
        output.append(json: #","object":"#)
        if let object = entry.object { output.append(printableJSONString: object) } else { output.append(json: "null") }
        output.append(json: #","field":"#)
        output.append(printableJSONString: finding.path.description)
        output.append(json: #","reason":"#)
        output.append(jsonString: finding.reason.rawValue)
        output.append(json: #","message":"#)
        output.append(printableJSONString: finding.statement)
        if let related = entry.related {
            output.append(json: #","related":{"file":"#)
            output.append(printableJSONString: related.file)
            output.append(json: #","line":"#)
            output.append(jsonInteger: related.position.line)
            output.append(json: #","column":"#)
            output.append(jsonInteger: related.position.column)
            output.append(json: #","object":"#)
            output.append(printableJSONString: related.object)
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: "}"))
    }
}
