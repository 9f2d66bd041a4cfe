FROM golang:1.24-alpine AS build
# go-sqlite3 is C.
RUN apk add --no-cache gcc musl-dev sqlite-dev
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=1 go build -tags "sqlite_fts5 libsqlite3" -o /out/journal ./cmd/journal

FROM alpine:3.21
RUN apk add --no-cache sqlite-libs && adduser -D journal
USER journal
COPY --from=build /out/journal /usr/local/bin/journal
VOLUME /data
CMD ["journal", "--db", "/data/journal.db"]
