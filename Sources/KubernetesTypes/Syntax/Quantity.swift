package enum QuantityError: Error, Sendable { case x }
package struct Quantity: Sendable { package init(_ t: Text) throws(QuantityError) {}; package init(_ i: Int64) {}; package var value: Int64? { nil } }
