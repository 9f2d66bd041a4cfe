# syntax=docker/dockerfile:1
# Nothing to find here: the runtime identifier is worked out once and kept in a file.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS build
ARG TARGETPLATFORM
RUN if [ "$TARGETPLATFORM" = "linux/amd64" ]; then \
      RID=linux-x64 ; \
    elif [ "$TARGETPLATFORM" = "linux/arm64" ]; then \
      RID=linux-arm64 ; \
    elif [ "$TARGETPLATFORM" = "linux/arm/v7" ]; then \
      RID=linux-arm ; \
    fi \
    && echo "RID=$RID" > /tmp/rid.txt

WORKDIR /source
COPY . ./
RUN . /tmp/rid.txt && dotnet restore src/Vault/Vault.csproj -r $RID
RUN . /tmp/rid.txt \
    && dotnet publish src/Vault/Vault.csproj \
      -c Release \
      --no-restore \
      --self-contained \
      /p:PublishSingleFile=true \
      -r $RID \
      -o out

FROM mcr.microsoft.com/dotnet/runtime-deps:8.0-noble
RUN apt-get update && apt-get install -y --no-install-recommends curl gosu && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /source/out /app
HEALTHCHECK CMD curl -f http://localhost:5000/alive || exit 1
ENTRYPOINT ["/app/Vault"]
