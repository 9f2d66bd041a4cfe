//! Says how many letters its name has.
const std = @import("std");

pub fn main() void {
    std.debug.print("{d} letters in {s}\n", .{ "engine".len, "engine" });
}
