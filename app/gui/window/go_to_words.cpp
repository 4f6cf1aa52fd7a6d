// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/go_to_words.h"

#include <QObject>
#include <QStringList>

#include <limits>
#include <utility>

#include "core/base/units.h"

namespace alloclens {
namespace {

enum class Word { Nothing, Line, Event, Device, Address, Generation };

Word keyword(const QString& word) {
    if (word == "line") return Word::Line;
    if (word == "event") return Word::Event;
    if (word == "device" || word == "dev") return Word::Device;
    if (word == "address" || word == "buffer" || word == "buffer_id") return Word::Address;
    if (word == "generation" || word == "gen") return Word::Generation;
    return Word::Nothing;
}

std::optional<std::uint64_t> numberOf(const QString& word) { return parseUnsigned(word.toStdString()); }

class Reader {
public:
    [[nodiscard]] GoToWords read(const QString& text) {
        QString spaced = text.toLower();
        spaced.replace('@', " device ").replace(QChar(0xb7), ' ').replace('=', ':');
        for (const QString& word : spaced.split(' ', Qt::SkipEmptyParts)) {
            take(word);
            if (!m_words.problem.isEmpty()) return m_words;
        }
        if (m_expected != Word::Nothing) {
            m_words.problem = QObject::tr("A number is missing at the end.");
        }
        return m_words;
    }

private:
    void take(QString word) {
        while (word.endsWith(',') || word.endsWith(')') || word.endsWith(';')) word.chop(1);
        if (word.startsWith('(')) word.remove(0, 1);
        if (word.isEmpty() || word == "on" || word == "at" || word == "of") return;
        if (const qsizetype colon = word.indexOf(':'); colon > 0)
            return takePair(word.left(colon), word.mid(colon + 1));
        if (const Word key = keyword(word); key != Word::Nothing) return expect(key);
        if (word.startsWith('#')) {
            expect(Word::Event);
            word.remove(0, 1);
        }
        // "g17" alone or after an address: no digit of a number is a g.
        const qsizetype letter = word.lastIndexOf('g');
        if (letter >= 0 && numberOf(word.mid(letter + 1))) {
            QString before = word.left(letter);
            if (before.endsWith('.')) before.chop(1);
            if (!before.isEmpty()) takeNumber(before);
            expect(Word::Generation);
            word = word.mid(letter + 1);
        }
        takeNumber(word);
    }

    // "4:0x1000" names a device, "device:4" and "line:12" are terms of the filter.
    void takePair(const QString& left, const QString& right) {
        if (const Word key = keyword(left); key != Word::Nothing) {
            expect(key);
        } else if (numberOf(left)) {
            expect(Word::Device);
            takeNumber(left);
            m_words.isAddress = true;
        } else {
            return refuse(left);
        }
        if (!right.isEmpty()) take(right);
    }

    void expect(Word key) {
        if (m_expected == Word::Address) m_expected = Word::Nothing;  // "buffer address 64"
        if (m_expected != Word::Nothing) {
            m_words.problem = QObject::tr("A number is missing before the next word.");
            return;
        }
        m_expected = key;
        if (key == Word::Address || key == Word::Generation) m_words.isAddress = true;
    }

    void takeNumber(const QString& word) {
        const auto number = numberOf(word);
        if (!number) return refuse(word);
        switch (std::exchange(m_expected, Word::Nothing)) {
        case Word::Line: return set(m_words.line, *number, word);
        case Word::Event: return set(m_words.event, *number, word);
        case Word::Device: return set(m_words.device, *number, word);
        case Word::Generation: return set(m_words.generation, *number, word);
        case Word::Nothing:
        case Word::Address: break;
        }
        m_words.isAddress |= word.startsWith("0x");
        set(m_words.number, *number, word);
    }

    template <typename Number>
    void set(std::optional<Number>& part, std::uint64_t number, const QString& word) {
        if (part || number > static_cast<std::uint64_t>(std::numeric_limits<Number>::max())) return refuse(word);
        part = static_cast<Number>(number);
    }

    void refuse(const QString& word) {
        if (m_words.problem.isEmpty())
            m_words.problem = QObject::tr("Go to does not understand \"%1\" here.").arg(word);
    }

    GoToWords m_words;
    Word m_expected = Word::Nothing;
};

}  // namespace

GoToWords readGoTo(const QString& text) { return Reader().read(text); }

}  // namespace alloclens
