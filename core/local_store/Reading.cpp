#include "core/local_store/Reading.h"

#include "core/crypto/Crypto.h"

namespace gatehouse::local_store {
namespace {

constexpr int StretchRows = 500;
constexpr int BatchEvents = 256;
constexpr std::size_t BatchBytes = 4U << 20;

Error tooOld() {
    return makeError(ErrorKind::TooOld, "this resourceVersion is too old: the store no longer has what happened since",
                     "list again and watch from there");
}

struct Rows {
    std::vector<ListedRow> rows;
    std::int64_t at = 0;
};

/// "v1:<version>:<namespace>:<name>" in hex; the parts have no ':'.
std::string continueToken(std::int64_t at, const std::string& nameSpace, const std::string& name) {
    return crypto::hex("v1:" + std::to_string(at) + ":" + nameSpace + ":" + name);
}

Result<void> readToken(const std::string& token, ListQuery& query) {
    const auto bad = [] {
        return failure(ErrorKind::BadRequest, "the continue token is not one of this store", "begin the list again");
    };
    std::string text;
    for (std::size_t i = 0; i + 1 < token.size(); i += 2) {
        constexpr std::string_view digits = "0123456789abcdef";
        const std::size_t high = digits.find(token[i]);
        const std::size_t low = digits.find(token[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return bad();
        }
        text += static_cast<char>(high * 16 + low);
    }
    const std::size_t second = text.find(':', 3);
    const std::size_t third = second == std::string::npos ? second : text.find(':', second + 1);
    if (token.size() % 2 != 0 || !text.starts_with("v1:") || third == std::string::npos) {
        return bad();
    }
    const auto at = versionOf(text.substr(3, second - 3));
    if (!at || *at == 0) {
        return bad();
    }
    query.at = *at;
    query.afterNameSpace = text.substr(second + 1, third - second - 1);
    query.afterName = text.substr(third + 1);
    return {};
}

} // namespace

Result<Filter> Filter::from(const std::string& nameSpace, const std::string& labelSelector,
                            const std::string& fieldSelector) {
    auto labels = LabelSelector::parse(labelSelector);
    if (!labels) {
        return failure(labels.error());
    }
    auto fields = FieldSelector::parse(fieldSelector);
    if (!fields) {
        return failure(fields.error());
    }
    return Filter{nameSpace, std::move(*labels), std::move(*fields)};
}

bool Filter::matches(const Object& object) const {
    return (nameSpace.empty() || object.nameSpace() == nameSpace) &&
           fields.matches(object.nameSpace(), object.name()) &&
           (labels.selectsAll() || labels.matches(object.labels()));
}

Result<ListStretch> readStretch(StoreCore& core, ListQuery query) {
    query.count = StretchRows;
    auto rows = core.read<Rows>([&query](SqlConnection& connection) -> Result<Rows> {
        if (auto begun = connection.run("BEGIN"); !begun) {
            return failure(begun.error());
        }
        const auto position = readPosition(connection);
        Result<std::vector<ListedRow>> found = failure(ErrorKind::Internal, "not read");
        if (position) {
            query.at = query.at == 0 ? position->counter : query.at;
            found = query.at < position->floor || query.at > position->counter ? failure(tooOld())
                                                                               : readList(connection, query);
        }
        (void)connection.run("COMMIT");
        if (!position) {
            return failure(position.error());
        }
        return found ? Result<Rows>(Rows{std::move(*found), query.at}) : failure(found.error());
    });
    if (!rows) {
        return failure(rows.error());
    }
    ListStretch stretch;
    stretch.at = rows->at;
    stretch.complete = rows->rows.size() < StretchRows;
    stretch.items.reserve(rows->rows.size());
    for (const ListedRow& row : rows->rows) {
        auto object = objectOf(row.body);
        if (!object) {
            return failure(object.error());
        }
        stretch.items.push_back(std::move(*object));
    }
    if (!rows->rows.empty()) {
        stretch.lastNameSpace = rows->rows.back().nameSpace;
        stretch.lastName = rows->rows.back().name;
    }
    return stretch;
}

Result<ObjectList> listObjects(StoreCore& core, const std::string& kind, const ListOptions& options) {
    const auto filter = Filter::from(options.nameSpace, options.labelSelector, options.fieldSelector);
    if (!filter) {
        return failure(filter.error());
    }
    ListQuery query{.kind = kind, .nameSpace = options.nameSpace};
    if (!options.continueToken.empty()) {
        if (auto read = readToken(options.continueToken, query); !read) {
            return failure(read.error());
        }
    }
    ObjectList list;
    for (;;) {
        auto stretch = readStretch(core, query);
        if (!stretch) {
            return failure(stretch.error());
        }
        query.at = stretch->at;
        for (Object& object : stretch->items) {
            if (!filter->matches(object)) {
                continue;
            }
            if (options.limit != 0 && list.items.size() == options.limit) {
                const Object& last = list.items.back();
                list.continueToken = continueToken(query.at, last.nameSpace(), last.name());
                break;
            }
            list.items.push_back(std::move(object));
        }
        if (stretch->complete || !list.continueToken.empty()) {
            list.resourceVersion = std::to_string(query.at);
            return list;
        }
        query.afterNameSpace = stretch->lastNameSpace;
        query.afterName = stretch->lastName;
    }
}

LocalWatch::LocalWatch(std::shared_ptr<StoreCore> core, ResourceType type, Filter filter,
                       std::optional<std::int64_t> after, bool bookmarks)
    : m_core(std::move(core)),
      m_type(std::move(type)),
      m_kind(m_type.resourceName()),
      m_filter(std::move(filter)),
      m_position(after.value_or(0)),
      m_listing(!after),
      m_bookmarks(bookmarks),
      m_lastSent(m_core->clock().steady()) {
    m_listQuery.kind = m_kind;
    m_listQuery.nameSpace = m_filter.nameSpace;
}

Result<std::optional<WatchEvent>> LocalWatch::next(std::chrono::milliseconds patience, std::stop_token stop) {
    if (m_over) {
        return failure(*m_over);
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (stop.stop_requested()) {
            return ended(makeError(ErrorKind::Cancelled, "the watch of " + m_type.resourceName() + " was stopped"));
        }
        if (!m_ready.empty()) {
            return taken();
        }
        const auto state = m_core->hub().state(m_kind);
        if (state.closed) {
            return ended(makeError(ErrorKind::Unreachable, "the store has been closed"));
        }
        if (m_listing || state.ofKind > m_position) {
            if (auto filled = fill(); !filled) {
                return ended(filled.error());
            }
            continue;
        }
        m_position = std::max(m_position, state.committed);
        if (auto mark = bookmark()) {
            return mark;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            return std::nullopt;
        }
        (void)m_core->hub().wait(m_kind, m_position, left, stop);
    }
}

Result<void> LocalWatch::fill() {
    return m_listing ? fillFromState() : fillFromEvents();
}

Result<void> LocalWatch::fillFromState() {
    auto stretch = readStretch(*m_core, m_listQuery);
    if (!stretch) {
        return failure(stretch.error());
    }
    for (Object& object : stretch->items) {
        if (m_filter.matches(object)) {
            m_ready.push_back({WatchEventType::Added, std::move(object)});
        }
    }
    m_listQuery.at = stretch->at;
    m_listQuery.afterNameSpace = stretch->lastNameSpace;
    m_listQuery.afterName = stretch->lastName;
    m_position = stretch->at;
    m_listing = !stretch->complete;
    return {};
}

Result<void> LocalWatch::fillFromEvents() {
    struct Batch {
        std::vector<EventRow> rows;
        std::int64_t readTo = 0;
    };

    auto batch = m_core->read<Batch>([this](SqlConnection& connection) -> Result<Batch> {
        if (auto begun = connection.run("BEGIN"); !begun) {
            return failure(begun.error());
        }
        const auto position = readPosition(connection);
        bool complete = false;
        auto rows = readEvents(connection, m_kind, m_position, BatchEvents, BatchBytes, complete);
        (void)connection.run("COMMIT");
        if (!position) {
            return failure(position.error());
        }
        if (!rows) {
            return failure(rows.error());
        }
        if (m_position < position->floor || m_position > position->counter) {
            return failure(tooOld());
        }
        const std::int64_t readTo = complete ? position->counter : rows->back().version;
        return Batch{std::move(*rows), readTo};
    });
    if (!batch) {
        return failure(batch.error());
    }
    for (const EventRow& row : batch->rows) {
        if (auto added = add(row); !added) {
            return added;
        }
    }
    m_position = batch->readTo;
    return {};
}

Result<void> LocalWatch::add(const EventRow& row) {
    auto object = objectOf(row.body);
    if (!object) {
        return failure(object.error());
    }
    if (row.type == WatchEventType::Added || row.type == WatchEventType::Deleted) {
        if (m_filter.matches(*object)) {
            m_ready.push_back({row.type, std::move(*object)});
        }
        return {};
    }
    auto before = objectOf(row.before);
    if (!before) {
        return failure(before.error());
    }
    const bool matched = m_filter.matches(*before);
    if (m_filter.matches(*object)) {
        m_ready.push_back({matched ? WatchEventType::Modified : WatchEventType::Added, std::move(*object)});
    } else if (matched) {
        before->metadata()["resourceVersion"] = object->resourceVersion();
        m_ready.push_back({WatchEventType::Deleted, std::move(*before)});
    }
    return {};
}

std::optional<WatchEvent> LocalWatch::bookmark() {
    const auto now = m_core->clock().steady();
    if (!m_bookmarks || now - m_lastSent < m_core->settings().bookmarkEvery) {
        return std::nullopt;
    }
    m_lastSent = now;
    json::Object content;
    content["apiVersion"] = m_type.apiVersion();
    content["kind"] = m_type.kind;
    content["metadata"] = {{"resourceVersion", std::to_string(m_position)}, {"creationTimestamp", nullptr}};
    return WatchEvent{WatchEventType::Bookmark, Object(std::move(content))};
}

WatchEvent LocalWatch::taken() {
    WatchEvent event = std::move(m_ready.front());
    m_ready.pop_front();
    m_lastSent = m_core->clock().steady();
    return event;
}

tl::unexpected<Error> LocalWatch::ended(Error error) {
    m_over = error;
    return failure(std::move(error));
}

} // namespace gatehouse::local_store
