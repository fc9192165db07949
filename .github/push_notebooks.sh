#!/usr/bin/env bash
# Put a folder into the branch "notebooks" of a repository, in the place of what the
# branch had for the same branch or tag. Only the wheels of before stay, since notebooks
# that readers have kept install them:
#
#     push_notebooks.sh REPOSITORY FOLDER BRANCH_OR_TAG
set -euo pipefail

repository=$1
folder=$(realpath "$2")
name=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
git init --quiet --initial-branch notebooks
git config user.name "Notebooks"
git config user.email "notebooks@users.noreply.github.com"
git remote add origin "$repository"
# The first time there is no such branch, and git says so with 2.
status=0
git ls-remote --exit-code origin notebooks >/dev/null || status=$?
if [ "$status" = 0 ]; then
    git fetch --quiet --depth 1 origin notebooks
    git reset --quiet --hard FETCH_HEAD
elif [ "$status" != 2 ]; then
    exit "$status"
fi

mkdir -p "./$name"
find "./$name" -mindepth 1 -maxdepth 1 ! -name wheels -exec rm -rf {} +
cp -R "$folder/." "./$name"
git add --all
if git diff --cached --quiet; then
    echo "The notebooks of $name have not changed."
else
    git commit --quiet -m "Notebooks of $name"
    git push --quiet origin notebooks
    echo "The notebooks of $name are on the branch notebooks."
fi
