# Built in two stages: the SDK and Node build the program and its pages, the runtime image runs it without them.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl ca-certificates \
 && curl -fsSL https://deb.nodesource.com/setup_22.x | bash - \
 && apt-get install -y --no-install-recommends nodejs \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
# Compiled ahead where that is supported: a node that has just started is as quick as one that has run for minutes.
RUN if [ "$(uname -m)" = x86_64 ]; then ahead="-r linux-x64 --self-contained false"; fi \
 && dotnet publish src/Web -c Release $ahead -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
RUN mkdir /data && chown app /data
USER app
ENV ASPNETCORE_URLS=http://+:8080 \
    LiveProctor__DataDirectory=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["dotnet", "LiveProctor.Web.dll"]
