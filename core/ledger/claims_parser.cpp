// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "core/base/json.h"
#include "core/ledger/claims.h"

namespace alloclens {
namespace {

using Json = nlohmann::json;

/// Of a count or a size: sums of as many as a file may hold stay below 2^64.
constexpr std::uint64_t kLargest = std::uint64_t{1} << 42;

Error wrong(std::string_view where, std::string_view what) {
    return {ErrorKind::Usage, std::string(what), std::string(where), "docs/ledger.md describes the form of claims."};
}

/// Takes the members of one object. The first that is wrong is kept, and what follows changes nothing.
class ObjectReader {
public:
    ObjectReader(const Json& json, std::string where, std::optional<Error>& error)
        : m_json(json), m_where(std::move(where)), m_error(error) {
        if (!json.is_object()) fail("", "is not an object");
    }

    void expectOnly(std::initializer_list<std::string_view> names) {
        if (!m_json.is_object()) return;
        for (const auto& [name, value] : m_json.items()) {
            if (std::find(names.begin(), names.end(), name) == names.end()) fail(name, "is not a known claim");
        }
    }
    [[nodiscard]] const Json* find(const char* name) const {
        const auto at = m_json.is_object() ? m_json.find(name) : m_json.end();
        return at == m_json.end() ? nullptr : &*at;
    }
    void number(const char* name, Claims::Number& out) {
        const Json* const value = find(name);
        if (value == nullptr) return;
        if (!value->is_number_unsigned() || value->get<std::uint64_t>() > kLargest) {
            return fail(name, "is not a whole number from 0 to 2^42");
        }
        out = value->get<std::uint64_t>();
    }
    void required(const char* name, std::uint64_t& out) {
        Claims::Number value;
        number(name, value);
        if (find(name) == nullptr) fail(name, "is missing");
        out = value.value_or(0);
    }
    void text(const char* name, std::string& out) {
        const Json* const value = find(name);
        if (value == nullptr) return;
        if (!value->is_string()) return fail(name, "is not a text");
        out = value->get<std::string>();
    }
    void fail(std::string_view name, std::string_view what) {
        if (!m_error) m_error = wrong(name.empty() ? m_where : fmt::format("{}.{}", m_where, name), what);
    }
    [[nodiscard]] std::string placeOf(const char* name, std::size_t i) const {
        return fmt::format("{}.{}[{}]", m_where, name, i);
    }
    /// Calls `take(json, place)` with every row of a list.
    template <typename Take>
    void list(const char* name, const Take& take) {
        const Json* const rows = find(name);
        if (rows == nullptr) return;
        if (!rows->is_array()) return fail(name, "is not a list");
        for (std::size_t i = 0; i < rows->size(); ++i) take((*rows)[i], placeOf(name, i));
    }

private:
    const Json& m_json;
    std::string m_where;
    std::optional<Error>& m_error;
};

void readCounts(ObjectReader& reader, Claims::Counts& counts) {
    reader.number("allocations", counts.allocations);
    reader.number("freesReceived", counts.freesReceived);
    reader.number("freesAccepted", counts.freesAccepted);
    reader.number("freesRefused", counts.freesRefused);
    reader.number("live", counts.live);
    reader.number("removed", counts.removed);
}

void readKey(ObjectReader& reader, std::int64_t& device, std::uint64_t& address) {
    std::uint64_t number = 0;
    reader.required("device", number);
    device = static_cast<std::int64_t>(number);
    const Json* const value = reader.find("address");
    if (value == nullptr) return reader.fail("address", "is missing");
    if (!value->is_number_unsigned()) return reader.fail("address", "is not an address");
    address = value->get<std::uint64_t>();
}

Claims::Address readAddress(ObjectReader reader) {
    reader.expectOnly(
        {"device", "address", "allocations", "freesReceived", "freesAccepted", "freesRefused", "live", "removed"});
    Claims::Address address;
    readKey(reader, address.device, address.address);
    readCounts(reader, address.counts);
    return address;
}

// A dump's parts are sums themselves, one level deep.
Claims::Sum readSum(const Json& json, const std::string& where, std::optional<Error>& error, bool isPart) {
    ObjectReader reader(json, where, error);
    reader.expectOnly({"buffers", "megabytes", "sizes", "memories", "memory", "process"});
    Claims::Sum sum;
    reader.number("buffers", sum.buffers);
    if (const Json* const value = reader.find("megabytes"); value != nullptr) {
        if (!value->is_number() || value->get<double>() < 0) reader.fail("megabytes", "is not a number");
        sum.megabytes = value->dump();
    }
    reader.text("memory", sum.memory);
    reader.list("sizes", [&](const Json& size, const std::string& place) {
        if (size.is_number_unsigned() && size.get<std::uint64_t>() <= kLargest) {
            sum.sizes.push_back(size.get<std::uint64_t>());
        } else if (!error) {
            error = wrong(place, "is not a size in bytes");
        }
    });
    if (isPart && reader.find("memories") != nullptr) reader.fail("memories", "does not belong here");
    if (isPart) return sum;
    reader.list("memories", [&](const Json& part, const std::string& place) {
        sum.parts.push_back(readSum(part, place, error, true));
    });
    return sum;
}

Claims::Story readStory(const Json& json, const std::string& where, std::optional<Error>& error) {
    ObjectReader reader(json, where, error);
    reader.expectOnly({"device", "address", "events"});
    Claims::Story story;
    readKey(reader, story.device, story.address);
    reader.list("events", [&](const Json& row, const std::string& place) {
        ObjectReader step(row, place, error);
        step.expectOnly({"line", "event", "size", "refCount"});
        Claims::Step& made = story.steps.emplace_back();
        step.required("line", made.line);
        step.text("event", made.event);
        step.number("size", made.size);
        step.number("refCount", made.refCount);
        static constexpr std::string_view kEvents[] = {"allocated", "partial", "final", "refused", "swept"};
        if (std::find(std::begin(kEvents), std::end(kEvents), made.event) == std::end(kEvents)) {
            step.fail("event", "is not one of allocated, partial, final, refused, swept");
        }
    });
    return story;
}

void readMemories(ObjectReader& reader, const Json& json, std::optional<Error>& error, Claims& claims) {
    if (!json.is_object()) return reader.fail("memories", "is not an object");
    ObjectReader memories(json, "claims.memories", error);
    for (const auto& [name, value] : json.items()) {
        std::uint64_t count = 0;
        memories.required(name.c_str(), count);
        claims.memories[name] = count;
    }
}

}  // namespace

Result<Claims> parseClaims(std::string_view text) {
    const Json json = parseJson<Json>(text);
    if (isNestedTooDeep(text)) return wrong("claims", "nest lists and objects deeper than 64 levels");
    if (json.is_discarded()) return wrong("claims", "are not valid JSON");
    std::optional<Error> error;
    ObjectReader reader(json, "claims", error);
    reader.expectOnly(
        {"schema", "comment", "totals", "memories", "addressCounts", "addresses", "sweeps", "dumps", "stories"});
    Claims claims;
    if (const Json* const totals = reader.find("totals"); totals != nullptr) {
        ObjectReader counts(*totals, "claims.totals", error);
        counts.expectOnly({"allocations", "freesReceived", "freesAccepted", "freesRefused", "live", "removed"});
        readCounts(counts, claims.totals);
    }
    if (const Json* const memories = reader.find("memories"); memories != nullptr) {
        readMemories(reader, *memories, error, claims);
    }
    if (const Json* const found = reader.find("addressCounts"); found != nullptr) {
        ObjectReader counts(*found, "claims.addressCounts", error);
        counts.expectOnly({"total", "balanced", "unreleased", "overFreed"});
        counts.number("total", claims.addresses.total);
        counts.number("balanced", claims.addresses.balanced);
        counts.number("unreleased", claims.addresses.unreleased);
        counts.number("overFreed", claims.addresses.overFreed);
    }
    reader.list("addresses", [&](const Json& row, const std::string& place) {
        claims.ofAddresses.push_back(readAddress(ObjectReader(row, place, error)));
    });
    reader.list("sweeps", [&](const Json& row, const std::string& place) {
        claims.sweeps.push_back(readSum(row, place, error, false));
    });
    reader.list("dumps", [&](const Json& row, const std::string& place) {
        claims.dumps.push_back(readSum(row, place, error, false));
    });
    reader.list("stories", [&](const Json& row, const std::string& place) {
        claims.stories.push_back(readStory(row, place, error));
    });
    if (error) return *error;
    return claims;
}

}  // namespace alloclens
