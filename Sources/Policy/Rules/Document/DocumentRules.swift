/// What can be wrong with any document. The readers and decoders report these; they have no check of their own.
extension Rule {
    package static let syntax: Rule = Rule(
        .syntax, .deny,
        summary: "A document parses, within the limits on size, depth and aliases.",
        goesWrong: "Nothing can be said about an object that cannot be read, and kubectl refuses the file.",
        remedy: "Correct the place that is named. What follows it in the same document was not judged.",
        check: .reading)

    package static let duplicateKey: Rule = Rule(
        .duplicateKey, .deny,
        summary: "A mapping has each key once. Judged offline: the API server never sends a key twice.",
        goesWrong: "The last value wins without a word, so a field that was meant is lost.",
        remedy: "Remove one of the two; both places are named.",
        check: .reading)

    package static let type: Rule = Rule(
        .type, .deny,
        summary: "A field has the type that its API gives it.",
        goesWrong: "The API server refuses the object, or a client fails to decode it and every list that holds it.",
        remedy: "Write a value of the type that is named: quotes make a string, `cpu.count: 2` is an integer.",
        check: .reading)

    package static let unknownField: Rule = Rule(
        .unknownField, .warn, strict: true,
        summary: "A field is known to some published version of the API. Judged offline: the API server prunes fields.",
        goesWrong: "A misspelt field is pruned, and the default takes its place.",
        remedy: "Correct the spelling, or take the field out. A field newer than this program may stay.",
        check: .reading)

    package static let objectDuplicate: Rule = Rule(
        .objectDuplicate, .warn, strict: true,
        summary: "An object is given once. Judged offline, over all files.",
        goesWrong: "The file that is applied last wins, whichever that is.",
        remedy: "Keep one of the two, or validate each environment's files on their own.",
        check: .reading)
}
