# make runs a wrapped compiler: everything here is native.
FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.6.1 AS xx

FROM --platform=$BUILDPLATFORM golang:1.24-alpine AS build
RUN apk add --no-cache clang git lld make
COPY --from=xx / /
WORKDIR /turnstone
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETPLATFORM
RUN xx-apk add --no-cache gcc musl-dev sqlite-dev sqlite-static
RUN xx-go --wrap && make STATIC=1 turnstone && xx-verify --static ./turnstone

FROM scratch
COPY --from=build /turnstone/turnstone /turnstone
ENTRYPOINT ["/turnstone"]
