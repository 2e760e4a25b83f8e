// A published value with one mailbox a worker: the writer leaves a new value in every mailbox, each worker picks
// its own up when it looks. The reader is wait-free and pins with a plain integer, because pins live and die on
// the worker's thread. Pins do not outlive the reader; readers do not outlive the publisher's last publish().
//
// One mailbox `box` (atomic node*), one writer at a time (publish() is serialised by a mutex among writers),
// one reader. `current`, `pins` and `retired` are touched by the reader's thread alone.
//
//   writer                                         reader
//   W1 n = new node{value}                         R1 box.load(relaxed) == null → R4
//   W2 old = box.exchange(n, acq_rel)              R2 n = box.exchange(null, acquire)
//   W3 delete old, if any                          R3 retire current; current = n
//                                                  R4 ++current->pins
//
// Why nothing is used after it is freed: a node has one owner at every moment, and ownership moves only by the
// atomic exchanges W2 and R2 on the one word. Either R2 gets n, then W2 of the next publish gets null and W3
// deletes nothing; or the next W2 gets n back, then R2 can never see it. So the writer deletes only nodes no
// reader ever took, and the reader only nodes it took; those it deletes when retired and without pins, both
// plain facts of its own thread.
// Why the reader sees a whole value: W1 happens before the release half of W2, R2 acquires what it read.
// Why W2 also acquires: W3 destroys a node written by an earlier publish, perhaps on another thread.
// R1 may be relaxed: it only decides whether to do R2; a stale null costs a look one request later, and a stale
// non-null makes R2 return the truth. Two publishes before a look: the first value is skipped, never torn.
// Memory: at most one unread node a mailbox, and one node a pinned generation.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace spillway::routing {

template <class T>
class snapshot_publisher;

template <class T>
class snapshot_reader {
    struct node {
        std::shared_ptr<const T> value;
        std::uint32_t pins = 0;
        bool retired = false;
    };

public:
    // Keeps one generation alive. Move-only; created, moved and destroyed on the reader's thread.
    class [[nodiscard]] pin {
    public:
        pin(pin&& other) noexcept : node_{std::exchange(other.node_, nullptr)} {}
        pin& operator=(pin&& other) noexcept {
            std::swap(node_, other.node_);
            return *this;
        }
        ~pin() {
            if (node_ != nullptr && --node_->pins == 0 && node_->retired) delete node_;
        }

        const T& operator*() const noexcept { return *node_->value; }
        const T* operator->() const noexcept { return node_->value.get(); }

    private:
        friend class snapshot_reader;
        explicit pin(node* pinned) noexcept : node_{pinned} { ++node_->pins; }
        node* node_;
    };

    snapshot_reader(const snapshot_reader&) = delete;
    snapshot_reader& operator=(const snapshot_reader&) = delete;
    ~snapshot_reader() {  // REQUIRES: no pin is left, nobody publishes any more
        delete box_.load(std::memory_order_acquire);
        retire();
    }

    pin current() noexcept {
        if (box_.load(std::memory_order_relaxed) != nullptr) [[unlikely]]
            take();            // R1
        return pin{current_};  // R4
    }

private:
    friend class snapshot_publisher<T>;
    explicit snapshot_reader(std::shared_ptr<const T> first)
        : current_{new node{std::move(first)}} {}

    void put(std::shared_ptr<const T> value) {
        delete box_.exchange(new node{std::move(value)}, std::memory_order_acq_rel);  // W1, W2, W3
    }
    void take() noexcept {
        node* fresh = box_.exchange(nullptr, std::memory_order_acquire);  // R2
        if (fresh == nullptr) return;
        retire();  // R3
        current_ = fresh;
    }
    void retire() noexcept {
        current_->retired = true;
        if (current_->pins == 0) delete current_;
        current_ = nullptr;
    }

    alignas(64) std::atomic<node*> box_{nullptr};
    alignas(64) node* current_;
};

// Owns the readers, one a worker. publish() may be called from any thread.
template <class T>
class snapshot_publisher {
public:
    // REQUIRES: `first` is not null: a reader always has something to pin.
    snapshot_publisher(std::size_t readers, std::shared_ptr<const T> first)
        : latest_{std::move(first)} {
        for (std::size_t i = 0; i < readers; ++i) {
            readers_.push_back(std::unique_ptr<snapshot_reader<T>>{new snapshot_reader<T>{latest_}}
            );
        }
    }

    snapshot_reader<T>& reader(std::size_t worker) noexcept { return *readers_[worker]; }
    std::size_t readers() const noexcept { return readers_.size(); }

    void publish(std::shared_ptr<const T> value) {
        const std::lock_guard lock{writers_};
        for (auto& each : readers_)
            each->put(value);
        latest_ = std::move(value);
    }

    // For threads without a mailbox (the admin side): a shared owner of the last published value.
    std::shared_ptr<const T> latest() const {
        const std::lock_guard lock{writers_};
        return latest_;
    }

private:
    mutable std::mutex writers_;
    std::shared_ptr<const T> latest_;
    std::vector<std::unique_ptr<snapshot_reader<T>>> readers_;
};

}  // namespace spillway::routing
