import KubernetesTypes

/// A text in a message: quoted as JSON, made safe to print, and short enough to read.
func show(_ text: Text) -> String { PrintableText.quoted(text, limit: Findings.maximumShownValue) }

/// Another object's name in a message.
func quoted(_ object: ObjectName) -> String { "\"\(PrintableText.escaped(object.description))\"" }

func quoted(_ string: String) -> String {
    "\"\(PrintableText.escaped(string, limit: Findings.maximumShownValue))\""
}
