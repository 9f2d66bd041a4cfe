FROM mcr.microsoft.com/dotnet/sdk:6.0-bullseye-slim AS sdk
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /lantern
COPY Lantern.sln NuGet.config ./
COPY src/Lantern.Worker/Lantern.Worker.csproj src/Lantern.Worker/
COPY test/Lantern.Tests/Lantern.Tests.csproj test/Lantern.Tests/
RUN dotnet restore Lantern.sln --locked-mode
COPY . .

FROM sdk AS test
RUN dotnet test Lantern.sln --no-restore --logger trx --results-directory /results

FROM sdk AS publish
RUN dotnet publish src/Lantern.Worker --no-restore -c Release -o /out /p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/runtime:6.0-bullseye-slim
WORKDIR /lantern
COPY --from=publish /out ./
USER 1000
ENTRYPOINT ["dotnet", "Lantern.Worker.dll"]
