FROM --platform=$BUILDPLATFORM jekyll/jekyll:4.2.2 AS build
COPY --chown=jekyll:jekyll Gemfile Gemfile.lock ./
RUN bundle config set --local deployment true && bundle install
COPY --chown=jekyll:jekyll . .
ENV JEKYLL_ENV=production
RUN bundle exec jekyll build --destination /tmp/site

FROM nginx:mainline-alpine
COPY --from=build /tmp/site /usr/share/nginx/html
