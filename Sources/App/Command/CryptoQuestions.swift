import Crypto

/// `kith crypto-check`: the very calls that the product uses, held against published vectors.
enum CryptoQuestions {
    static func answerAll() {
        while let line = readLine() {
            Output.line(CryptoCheck.answer(line: line))
        }
    }
}
