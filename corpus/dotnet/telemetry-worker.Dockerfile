FROM mcr.microsoft.com/dotnet/sdk:8.0-jammy AS build-env
WORKDIR /source

# Restore first: packages change seldom
COPY src/Telemetry.Worker/Telemetry.Worker.csproj src/Telemetry.Worker/
RUN dotnet restore src/Telemetry.Worker/Telemetry.Worker.csproj

COPY src/ src/

# The image has no .NET runtime, so the program brings its own
RUN dotnet publish src/Telemetry.Worker/Telemetry.Worker.csproj \
	-c Release \
	--no-restore \
	--self-contained true \
	-p:PublishTrimmed=true \
	-o /out

FROM mcr.microsoft.com/dotnet/runtime-deps:8.0-jammy-chiseled-extra

WORKDIR /app
COPY --from=build-env /out .
USER $APP_UID

ENTRYPOINT ["./Telemetry.Worker"]
