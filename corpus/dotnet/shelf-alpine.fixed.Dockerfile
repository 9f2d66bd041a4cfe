# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:9.0-alpine AS build
SHELL ["/bin/sh", "-euxo", "pipefail", "-c"]
RUN apk add --no-cache git
WORKDIR /src

COPY Shelf/Shelf.csproj Shelf/packages.config* Shelf/
ARG TARGETARCH
RUN --mount=type=cache,target=/root/.nuget/packages,sharing=locked \
    --mount=type=secret,id=nuget_token \
    dotnet nuget update source internal --username ci --password "$(cat /run/secrets/nuget_token)" --store-password-in-clear-text; \
    dotnet restore Shelf/Shelf.csproj -a $TARGETARCH

COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages,sharing=locked <<EOF
version="$(git describe --tags --always)"
dotnet publish Shelf/Shelf.csproj --no-restore -c Release -p:InformationalVersion="$version" -o /publish -a $TARGETARCH
EOF

FROM mcr.microsoft.com/dotnet/aspnet:9.0-alpine
RUN apk add --no-cache icu-libs tzdata
ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false
COPY --link --from=build /publish /app
WORKDIR /app
ENTRYPOINT ["./Shelf"]
