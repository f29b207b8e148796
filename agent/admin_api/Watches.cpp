#include "agent/admin_api/Watches.h"

#include "agent/admin_api/Answers.h"
#include "agent/admin_api/Resources.h"
#include "agent/admin_api/Rules.h"
#include "agent/admin_api/Table.h"
#include "core/time/Pause.h"

#include <charconv>

namespace gatehouse::admin_api {
namespace {

using http_server::StreamWriter;

constexpr std::chrono::milliseconds Patience{500};
constexpr std::chrono::seconds DefaultDuration{3600};
constexpr std::chrono::seconds BookmarkEvery{30};

const char* word(WatchEventType type) {
    switch (type) {
    case WatchEventType::Added:
        return "ADDED";
    case WatchEventType::Modified:
        return "MODIFIED";
    case WatchEventType::Deleted:
        return "DELETED";
    case WatchEventType::Bookmark:
        return "BOOKMARK";
    }
    return "ERROR";
}

std::string line(const char* type, json::Value object) {
    return json::compact(json::Object{{"type", type}, {"object", std::move(object)}}) + "\n";
}

std::string errorLine(const Error& error) {
    return line("ERROR", statusOf(error));
}

/// What all lines of one watch have in common.
struct Shape {
    ResourceType type;
    Form form = Form::Json;
    RowObject rowObject = RowObject::Metadata;
    std::chrono::seconds duration = DefaultDuration;
    bool bookmarks = false;
    WatchOptions options;
};

Result<Shape> shapeOf(const http_server::Request& request, const Route& route, const ResourcePath& path) {
    const auto form = chooseForm(request.headers.value("Accept"));
    const auto selection = listOptions(route, path);
    if (!form || !selection) {
        return failure(form ? selection.error() : form.error());
    }
    if (route.flag("sendInitialEvents")) {
        Error error = makeError(ErrorKind::Invalid, "sendInitialEvents is not served here", "list, then watch");
        error.field = "sendInitialEvents";
        return failure(std::move(error));
    }
    Shape shape{path.kind->type, *form, rowObject(route), DefaultDuration, route.flag("allowWatchBookmarks"), {}};
    const std::string timeout = route.parameter("timeoutSeconds");
    if (!timeout.empty()) {
        std::int64_t seconds = 0;
        const char* end = timeout.data() + timeout.size();
        const auto [last, error] = std::from_chars(timeout.data(), end, seconds);
        if (error != std::errc() || last != end || seconds < 0) {
            return failure(ErrorKind::BadRequest, "timeoutSeconds must be a whole number");
        }
        shape.duration = seconds == 0 ? DefaultDuration : std::min(std::chrono::seconds(seconds), DefaultDuration);
    }
    shape.options.nameSpace = selection->nameSpace;
    shape.options.labelSelector = selection->labelSelector;
    shape.options.fieldSelector = selection->fieldSelector;
    shape.options.resourceVersion = route.parameter("resourceVersion");
    if (shape.options.resourceVersion == "0") {
        shape.options.resourceVersion.clear();
    }
    shape.options.bookmarks = shape.bookmarks;
    return shape;
}

/// Writes events in the form the client asked for; false when the stream is over.
class EventWriter {
public:
    EventWriter(StreamWriter& writer, const Shape& shape, const Clock& clock)
        : m_writer(writer),
          m_shape(shape),
          m_clock(clock) {}

    bool write(const WatchEvent& event) {
        const Object visible = redacted(event.object);
        json::Value object;
        if (m_shape.form == Form::Table) {
            json::Object table =
                toTable(m_shape.type, {&visible, 1}, m_clock.now(), m_shape.rowObject, std::exchange(m_first, false));
            table["metadata"] = json::Object{{"resourceVersion", visible.resourceVersion()}};
            object = std::move(table);
        } else {
            object = visible.value();
        }
        return send(line(word(event.type), std::move(object)));
    }

    void fail(const Error& error) { m_writer.finish(errorLine(error)); }

private:
    bool send(std::string text) {
        if (m_writer.write(std::move(text))) {
            return true;
        }
        if (m_writer.lagging()) {
            fail(makeError(ErrorKind::TooOld, "this watch fell too far behind", "list again, then watch"));
        }
        return false;
    }

    StreamWriter& m_writer;
    const Shape& m_shape;
    const Clock& m_clock;
    bool m_first = true;
};

void runStored(Watch& watch, const Shape& shape, const Clock& clock, StreamWriter& writer,
               const std::stop_token& stop) {
    EventWriter events(writer, shape, clock);
    const auto end = clock.steady() + shape.duration;
    while (!stop.stop_requested() && clock.steady() < end) {
        auto event = watch.next(Patience, stop);
        if (!event) {
            if (event.error().kind != ErrorKind::Cancelled) {
                events.fail(event.error());
            }
            return;
        }
        if (*event && !events.write(**event)) {
            return;
        }
    }
}

WatchEvent bookmark(const ResourceType& type, std::uint64_t version) {
    return {WatchEventType::Bookmark,
            Object(json::Object{{"apiVersion", type.apiVersion()},
                                {"kind", type.kind},
                                {"metadata", json::Object{{"resourceVersion", std::to_string(version)}}}})};
}

void runKeys(KeyFeed& feed, std::uint64_t version, const std::vector<Object>& initial, const Shape& shape,
             const Clock& clock, StreamWriter& writer, const std::stop_token& stop) {
    EventWriter events(writer, shape, clock);
    for (const Object& object : initial) {
        if (!events.write({WatchEventType::Added, object})) {
            return;
        }
    }
    const auto end = clock.steady() + shape.duration;
    auto nextBookmark = clock.steady() + BookmarkEvery;
    while (!stop.stop_requested() && clock.steady() < end) {
        const auto changes = feed.since(version, shape.options);
        if (!changes) {
            events.fail(changes.error());
            return;
        }
        for (const WatchEvent& event : *changes) {
            if (!events.write(event)) {
                return;
            }
        }
        if (shape.bookmarks && clock.steady() >= nextBookmark) {
            nextBookmark += BookmarkEvery;
            if (!events.write(bookmark(shape.type, version))) {
                return;
            }
        }
        pauseFor(KeyFeed::RefreshEvery, stop);
    }
}

http_server::Response streaming(http_server::Stream stream) {
    http_server::Response response = textAnswer({}, 200, "application/json");
    response.stream = std::move(stream);
    return response;
}

} // namespace

Result<http_server::Response> watchStored(ObjectStore& store, const Clock& clock, const http_server::Request& request,
                                          const Route& route, const ResourcePath& path) {
    auto shape = shapeOf(request, route, path);
    if (!shape) {
        return failure(std::move(shape.error()));
    }
    auto opened = store.watch(path.kind->type, shape->options);
    if (!opened) {
        return failure(std::move(opened.error()));
    }
    const std::shared_ptr<Watch> watch = std::move(*opened);
    return streaming([watch, shape = std::move(*shape), &clock](StreamWriter& writer, std::stop_token stop) {
        runStored(*watch, shape, clock, writer, stop);
    });
}

Result<http_server::Response> watchKeys(KeyFeed& feed, const Clock& clock, const http_server::Request& request,
                                        const Route& route, const ResourcePath& path) {
    auto shape = shapeOf(request, route, path);
    if (!shape) {
        return failure(std::move(shape.error()));
    }
    std::vector<Object> initial;
    std::uint64_t version = 0;
    if (shape->options.resourceVersion.empty()) {
        ListOptions options;
        options.nameSpace = shape->options.nameSpace;
        options.labelSelector = shape->options.labelSelector;
        options.fieldSelector = shape->options.fieldSelector;
        auto list = feed.list(options);
        if (!list) {
            return failure(std::move(list.error()));
        }
        initial = std::move(list->items);
        shape->options.resourceVersion = list->resourceVersion;
    }
    const auto from = KeyFeed::versionFrom(shape->options.resourceVersion);
    if (!from) {
        return failure(from.error());
    }
    version = *from;
    std::uint64_t probe = version;
    if (auto known = feed.since(probe, shape->options); !known) {
        return failure(std::move(known.error()));
    }
    return streaming([&feed, version, initial = std::move(initial), shape = std::move(*shape),
                      &clock](StreamWriter& writer, std::stop_token stop) {
        runKeys(feed, version, initial, shape, clock, writer, stop);
    });
}

} // namespace gatehouse::admin_api
