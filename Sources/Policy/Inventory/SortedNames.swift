/// A set of names in their order, in pieces: a copy shares all pieces but those that are changed afterwards.
struct SortedNames: Sendable {
    /// Names of a piece at most. A change copies one piece, 4 KB of it, and the list of pieces.
    private static let pieceSize = 256

    /// None of them is empty.
    private var pieces: [[String]] = []
    private(set) var count = 0

    init() {}

    /// The first name that is not this one.
    func first(otherThan name: String) -> String? {
        guard let first = pieces.first?.first else { return nil }
        if first != name { return first }
        guard let piece = pieces.first else { return nil }
        return piece.count > 1 ? piece[1] : pieces.dropFirst().first?.first
    }

    mutating func insert(_ name: String) {
        let piece = self.piece(of: name)
        guard pieces.indices.contains(piece) else {
            pieces.append([name])
            count += 1
            return
        }
        let offset = Self.offset(of: name, in: pieces[piece])
        if offset < pieces[piece].count, pieces[piece][offset] == name { return }
        pieces[piece].insert(name, at: offset)
        count += 1
        guard pieces[piece].count > Self.pieceSize else { return }
        // In ascending order, as a list comes, every piece but the last is full.
        let isAtEnd = piece == pieces.count - 1 && offset == Self.pieceSize
        let middle = isAtEnd ? Self.pieceSize : Self.pieceSize / 2
        pieces.insert(Array(pieces[piece][middle...]), at: piece + 1)
        pieces[piece].removeLast(pieces[piece].count - middle)
    }

    mutating func remove(_ name: String) {
        let piece = self.piece(of: name)
        guard pieces.indices.contains(piece) else { return }
        let offset = Self.offset(of: name, in: pieces[piece])
        guard offset < pieces[piece].count, pieces[piece][offset] == name else { return }
        pieces[piece].remove(at: offset)
        count -= 1
        if pieces[piece].isEmpty { pieces.remove(at: piece) }
    }

    /// The last piece that starts at or before a name, or the first.
    private func piece(of name: String) -> Int {
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            if let first = pieces[middle].first, first <= name { low = middle + 1 } else { high = middle }
        }
        return max(low - 1, 0)
    }

    /// The place of a name in a piece, or of the first after it.
    private static func offset(of name: String, in piece: [String]) -> Int {
        var (low, high) = (0, piece.count)
        while low < high {
            let middle = (low + high) / 2
            if piece[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
