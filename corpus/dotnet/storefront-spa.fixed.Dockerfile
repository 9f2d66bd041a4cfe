# The front end
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS client
WORKDIR /client
COPY client/package.json client/package-lock.json ./
RUN npm ci
COPY client/ ./
RUN npm run build

# The back end serves it
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:9.0 AS server
WORKDIR /server
COPY server/Storefront.csproj ./
ARG TARGETARCH
RUN dotnet restore Storefront.csproj -a $TARGETARCH
COPY server/ ./
COPY --from=client /client/dist ./wwwroot
RUN dotnet publish Storefront.csproj -c Release -o /app --no-restore -a $TARGETARCH

FROM mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled
WORKDIR /app
COPY --from=server /app .
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
ENTRYPOINT ["dotnet", "Storefront.dll"]
