# syntax=docker/dockerfile:1
# One file for all services: docker build --target tracking .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS sources
WORKDIR /src
COPY . .

FROM sources AS build-dispatch
ARG TARGETARCH
RUN dotnet publish Dispatch/Dispatch.csproj -c Release -o /out -a $TARGETARCH

FROM sources AS build-tracking
ARG TARGETARCH
RUN dotnet publish Tracking/Tracking.csproj -c Release -o /out -a $TARGETARCH

FROM sources AS build-gateway
ARG TARGETARCH
RUN dotnet publish Gateway/Gateway.csproj -c Release -o /out -a $TARGETARCH

FROM mcr.microsoft.com/dotnet/aspnet:8.0 AS runtime
WORKDIR /app
EXPOSE 8080

FROM runtime AS dispatch
COPY --from=build-dispatch /out .
ENTRYPOINT ["./Dispatch"]

FROM runtime AS tracking
COPY --from=build-tracking /out .
ENTRYPOINT ["./Tracking"]

FROM runtime AS gateway
COPY --from=build-gateway /out .
ENTRYPOINT ["./Gateway"]
