# syntax=docker/dockerfile:1.7
ARG SDK_TAG=8.0-bookworm-slim
ARG RUNTIME_TAG=8.0-bookworm-slim

# ---------------------------------------------------------------- build and test
FROM mcr.microsoft.com/dotnet/sdk:${SDK_TAG} AS build
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    DOTNET_NOLOGO=true
WORKDIR /work

COPY Payroll.sln Directory.Build.props Directory.Packages.props ./
COPY --parents src/*/*.csproj tests/*/*.csproj ./
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet restore Payroll.sln

COPY . .
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet build Payroll.sln --configuration Release --no-restore

FROM build AS test
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet test Payroll.sln \
        --configuration Release \
        --no-build \
        --logger trx \
        --results-directory /results

FROM scratch AS test-results
COPY --from=test /results /

FROM build AS publish
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet publish src/Payroll.Web/Payroll.Web.csproj \
        --configuration Release \
        --no-build \
        --output /publish

# ---------------------------------------------------------------- image
FROM mcr.microsoft.com/dotnet/aspnet:${RUNTIME_TAG} AS runtime
RUN groupadd --gid 10001 payroll && useradd --uid 10001 --gid payroll --no-create-home payroll
WORKDIR /srv/payroll
COPY --from=publish --chown=payroll:payroll /publish .
USER payroll
HEALTHCHECK --interval=30s CMD ["dotnet", "Payroll.Web.dll", "--health"]
ENTRYPOINT ["dotnet", "Payroll.Web.dll"]
