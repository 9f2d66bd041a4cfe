# escape=`
# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY Rates/Rates.csproj Rates/
ARG TARGETARCH
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages `
    dotnet restore Rates/Rates.csproj -a $TARGETARCH
COPY Rates Rates
# Nothing but the assemblies: the image has the runtime.
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages `
    dotnet publish Rates/Rates.csproj `
      --configuration Release `
      --no-restore `
      --property:UseAppHost=false `
      --output /publish `
      -a $TARGETARCH

FROM mcr.microsoft.com/dotnet/aspnet:8.0
COPY --from=build /publish /app
WORKDIR /app
ENTRYPOINT ["dotnet", "Rates.dll"]
