# syntax=docker/dockerfile:1
# Somebody has begun to cross-compile this.
ARG TARGETARCH

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY Ledger/Ledger.csproj Ledger/
ARG TARGETARCH
RUN dotnet restore Ledger/Ledger.csproj --arch $TARGETARCH
COPY . .

FROM build AS publish
ARG TARGETARCH
RUN dotnet publish Ledger/Ledger.csproj \
    --configuration Release \
    --arch $TARGETARCH \
    --no-restore \
    --output /publish

FROM mcr.microsoft.com/dotnet/aspnet:8.0
WORKDIR /app
COPY --from=publish /publish .
ENTRYPOINT ["./Ledger"]
