# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:9.0-alpine AS build
RUN apk add --no-cache clang build-base zlib-dev
WORKDIR /buoy
COPY Buoy.csproj Directory.Build.props ./
RUN --mount=type=cache,target=/root/.nuget/packages dotnet restore Buoy.csproj
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish Buoy.csproj --no-restore -c Release -o /publish \
 && rm /publish/*.dbg

FROM mcr.microsoft.com/dotnet/runtime-deps:9.0-alpine
COPY --from=build /publish/buoy /usr/local/bin/buoy
USER $APP_UID
ENTRYPOINT ["buoy"]
