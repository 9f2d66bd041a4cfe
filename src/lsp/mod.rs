//! `dflint lsp`: the engine for editors, over standard input and output.
//!
//! One thread reads messages (`transport`) into a queue, one works them off in their order (`server`), so that every
//! answer is about the text that all edits before it have left. Findings are computed when the queue is empty: of a
//! burst of edits only the last counts. Checking a whole workspace is left to a thread of its own (`workspace`).
//! Each capability is a file: it asks a [`view::View`] of a document and answers in the protocol's types.

mod actions;
mod capabilities;
mod client;
mod commands;
mod completion;
mod diagnostics;
mod dispatch;
mod docs;
mod documents;
mod edits;
mod folding;
mod hints;
mod hover;
mod links;
mod names;
mod plans;
mod position;
mod references;
mod rename;
mod selection;
mod server;
mod settings;
mod suppressions;
mod symbols;
mod tokens;
mod transport;
mod uri;
mod view;
mod workspace;

use std::collections::VecDeque;
use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use lsp_server::{Message, RequestId};
use serde_json::Value;

use client::Client;
use server::Server;

/// Something that the server has to do something about.
enum Event {
    /// A message of the client.
    Message(Message),
    /// Something that is no message, with the answer to it.
    Refused(Value),
    /// Something that needs no answer.
    Ignored,
    /// What checking a workspace has found so far.
    Workspace(workspace::Progress),
    /// The client is gone.
    Closed,
}

/// Serves until the client says goodbye or is gone. The status is that of the specification: 0 behind `shutdown`, else 1.
pub(crate) fn run() -> ExitCode {
    let (events, queue) = mpsc::channel();
    let reading = events.clone();
    thread::spawn(move || transport::read(io::stdin().lock(), &reading));
    let server = Server::new(Client::new(io::stdout()), events);
    if serve(server, &queue) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Works off the events; whether the client said that it would go before it went.
fn serve(mut server: Server, incoming: &Receiver<Event>) -> bool {
    let mut waiting = VecDeque::new();
    loop {
        let before = waiting.len();
        waiting.extend(incoming.try_iter());
        if waiting.is_empty() {
            server.settle();
            match incoming.recv() {
                Ok(event) => waiting.push_back(event),
                Err(_) => return false,
            }
            continue;
        }
        if waiting.len() > before {
            for id in take_cancelled(&mut waiting) {
                server.refuse_cancelled(&id);
            }
        }
        let Some(event) = waiting.pop_front() else { continue };
        if let Some(properly) = server.handle(event) {
            return properly;
        }
    }
}

/// Takes out of the queue the requests that the client has cancelled. What says so stays: it may mean one that is
/// worked on already.
fn take_cancelled(waiting: &mut VecDeque<Event>) -> Vec<RequestId> {
    let ids: Vec<RequestId> = waiting
        .iter()
        .filter_map(|event| match event {
            Event::Message(Message::Notification(it)) if it.method == "$/cancelRequest" => {
                serde_json::from_value(it.params.get("id")?.clone()).ok()
            }
            _ => None,
        })
        .collect();
    let mut taken = Vec::new();
    if !ids.is_empty() {
        waiting.retain(|event| match event {
            Event::Message(Message::Request(request)) if ids.contains(&request.id) => {
                taken.push(request.id.clone());
                false
            }
            _ => true,
        });
    }
    taken
}
