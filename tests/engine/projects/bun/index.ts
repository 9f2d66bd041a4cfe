const words: string[] = process.argv.slice(2);
console.log(words.map((word) => [...word].reverse().join("")).join(" "));
