# Two services of one repository, locked to amd64 by their tags.
FROM mcr.microsoft.com/dotnet/aspnet:8.0-jammy-amd64 AS base
WORKDIR /app
EXPOSE 8080

FROM mcr.microsoft.com/dotnet/sdk:8.0-jammy-amd64 AS build
ARG BUILD_CONFIGURATION=Release
WORKDIR /src
COPY ["Turnstile.Api/Turnstile.Api.csproj", "Turnstile.Api/"]
COPY ["Turnstile.Core/Turnstile.Core.csproj", "Turnstile.Core/"]
RUN dotnet restore "Turnstile.Api/Turnstile.Api.csproj" -r linux-x64
COPY . .
RUN dotnet publish "Turnstile.Api/Turnstile.Api.csproj" \
    -c $BUILD_CONFIGURATION \
    -r linux-x64 \
    --self-contained false \
    --no-restore \
    -o /app/publish

FROM base AS final
COPY --from=build /app/publish .
ENTRYPOINT ["./Turnstile.Api"]
