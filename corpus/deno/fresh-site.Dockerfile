# Runs under Deno: nothing is compiled, the code is the same everywhere.
FROM denoland/deno:2.5.0
WORKDIR /app
COPY . .
RUN deno cache main.ts
EXPOSE 8000
CMD ["run", "-A", "main.ts"]
