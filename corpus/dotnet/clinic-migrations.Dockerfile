FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
ENV PATH="$PATH:/root/.dotnet/tools"
RUN dotnet tool install --global dotnet-ef --version 8.0.8

COPY Clinic.Data/Clinic.Data.csproj Clinic.Data/
COPY Clinic.Web/Clinic.Web.csproj Clinic.Web/
RUN dotnet restore Clinic.Web/Clinic.Web.csproj
COPY . .

# A program that brings the database up to date, run by an init container.
RUN dotnet ef migrations bundle --project Clinic.Data --startup-project Clinic.Web -o /bundle/migrate
RUN dotnet publish Clinic.Web/Clinic.Web.csproj -c Release -o /publish

FROM mcr.microsoft.com/dotnet/aspnet:8.0
WORKDIR /app
COPY --from=build /bundle/migrate /usr/local/bin/migrate
COPY --from=build /publish .
ENTRYPOINT ["dotnet", "Clinic.Web.dll"]
