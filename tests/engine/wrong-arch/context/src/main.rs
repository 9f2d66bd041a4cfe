fn main() {
    println!("a program of some architecture");
}
