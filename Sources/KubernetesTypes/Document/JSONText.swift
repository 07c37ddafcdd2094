extension Value { package var jsonText: String { "" } }
