# See https://aka.ms/customizecontainer to learn how to customize your debug container.

# This stage is used when running in fast mode (default for the Debug configuration).
FROM mcr.microsoft.com/dotnet/aspnet:8.0 AS base
USER app
WORKDIR /app
EXPOSE 8080
EXPOSE 8081

# This stage is used to build the service project.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS build
ARG BUILD_CONFIGURATION=Release
WORKDIR /src
COPY ["nuget.config", "."]
COPY ["src/Bookings.Api/Bookings.Api.csproj", "src/Bookings.Api/"]
COPY ["src/Bookings.Domain/Bookings.Domain.csproj", "src/Bookings.Domain/"]
COPY ["src/Bookings.Infrastructure/Bookings.Infrastructure.csproj", "src/Bookings.Infrastructure/"]
ARG TARGETARCH
RUN dotnet restore "./src/Bookings.Api/Bookings.Api.csproj" -a $TARGETARCH
COPY . .
WORKDIR "/src/src/Bookings.Api"
RUN dotnet build "./Bookings.Api.csproj" -c $BUILD_CONFIGURATION -o /app/build -a $TARGETARCH

# This stage is used to publish the service project to be copied to the final stage.
FROM build AS publish
ARG BUILD_CONFIGURATION=Release
RUN dotnet publish "./Bookings.Api.csproj" -c $BUILD_CONFIGURATION -o /app/publish /p:UseAppHost=false -a $TARGETARCH

# This stage is used in production.
FROM base AS final
WORKDIR /app
COPY --from=publish /app/publish .
ENTRYPOINT ["dotnet", "Bookings.Api.dll"]
