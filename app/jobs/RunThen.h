#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace gatehouse::jobs {

/// The console's worker threads, apart from the watches (each of which has a thread of its own).
[[nodiscard]] QThreadPool& pool();
[[nodiscard]] std::stop_token stopToken();
/// Asks every job to stop and waits for them; called once, when the console ends.
void stopAll();

/// Runs `work(stop)` on a worker thread and then `done(result)` on the GUI thread, but only while `context` lives.
/// Call it on the GUI thread. `work` must not touch widgets; its result may be move-only. Both are called once.
template <typename Work, typename Done>
void runThen(QObject* context, Work work, Done done) {
    using Answer = decltype(work(std::stop_token{}));

    // Guard and continuation are shared with the worker, which only passes them on: they are used on the GUI thread.
    struct Delivery {
        QPointer<QObject> context;
        Done done;
    };

    auto delivery = std::make_shared<Delivery>(Delivery{context, std::move(done)});
    auto task = std::make_shared<Work>(std::move(work));
    pool().start([delivery, task]() mutable {
        auto answer = std::make_shared<Answer>((*task)(stopToken()));
        task.reset();
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [delivery = std::move(delivery), answer = std::move(answer)] {
                if (delivery->context) {
                    delivery->done(std::move(*answer));
                }
            },
            Qt::QueuedConnection);
    });
}

} // namespace gatehouse::jobs
