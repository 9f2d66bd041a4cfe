FROM golang:1.24-alpine AS generator
ENV CGO_ENABLED=0
WORKDIR /src
COPY generator/go.mod generator/go.sum ./
RUN go mod download
COPY generator/ ./
RUN go build -o /usr/local/bin/docgen .

# The generator is run, not shipped.
FROM generator AS site
WORKDIR /site
COPY content/ content/
COPY templates/ templates/
RUN docgen --content content --templates templates --out /site/public \
 && gzip -rk9 /site/public

FROM nginx:1.27-alpine
COPY --from=site /site/public /usr/share/nginx/html
