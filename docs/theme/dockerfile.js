// What the highlighter that mdBook brings does not know: Dockerfiles, and the word that matters in a plan.
hljs.registerLanguage("dockerfile", (hljs) => ({
    contains: [
        hljs.HASH_COMMENT_MODE,
        hljs.QUOTE_STRING_MODE,
        { className: "keyword", begin: /^(FROM|ARG|ENV|RUN|COPY|ADD|WORKDIR|USER|EXPOSE|VOLUME|LABEL|ONBUILD|SHELL|STOPSIGNAL|HEALTHCHECK|CMD|ENTRYPOINT)\b/i },
        { className: "keyword", begin: / AS(?= \S+$)/i },
        { className: "variable", begin: /\$(\w+|\{[^}]*\})/ },
    ],
}));
for (const block of document.querySelectorAll("code.language-dockerfile")) {
    hljs.highlightBlock(block);
}
for (const block of document.querySelectorAll("code.language-console")) {
    block.innerHTML = block.innerHTML.replace(/\bEMULATED\b/g, '<span class="emulated">$&</span>');
}
