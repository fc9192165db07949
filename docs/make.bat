@echo off
rem What docs/Makefile does, on Windows without make:
rem   docs\make.bat html     set up .venv, run the lessons, build the site
rem   docs\make.bat test     the same, then every check, and every test that is quick
rem   docs\make.bat clean    remove everything generated, .venv too
setlocal
pushd "%~dp0\.."
set "OMP_NUM_THREADS=1"
set "MPLBACKEND=agg"
set "MPLCONFIGDIR=%CD%\.venv\matplotlib"
set "PIP_DISABLE_PIP_VERSION_CHECK=1"
if not defined TORCH_INDEX set "TORCH_INDEX=https://download.pytorch.org/whl/cpu"
set "BIN=.venv\Scripts"
if "%~1" == "html" goto html
if "%~1" == "test" goto html
if "%~1" == "clean" goto clean
echo docs\make.bat html     build the site (the first time: set up .venv too)
echo docs\make.bat test     build the site, run every check and every quick test
echo docs\make.bat clean    remove everything generated, .venv too
goto end

:html
copy /b pyproject.toml+docs\constraints.txt "%TEMP%\nnbasics.installed" >nul
fc /b "%TEMP%\nnbasics.installed" .venv\.installed >nul 2>nul && goto build
if defined PYTHON goto venv
for %%v in (3.14 3.13 3.12 3.11) do (
    if not defined PYTHON py -%%v -c "" >nul 2>nul && set "PYTHON=py -%%v"
)
if not defined PYTHON set "PYTHON=python"
:venv
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if errorlevel 1 (
    echo Python 3.11 or newer was not found: install it, or name yours: set PYTHON=C:\path\to\python.exe
    goto failed
)
%PYTHON% -m venv --clear .venv || goto failed
echo Installing torch (the CPU build) ...
%BIN%\python -m pip install --quiet --no-deps --extra-index-url %TORCH_INDEX% -c docs\constraints.txt torch || goto failed
echo Installing the rest ...
%BIN%\python -m pip install --quiet -c docs\constraints.txt -e ".[docs,test]" || goto failed
copy /b "%TEMP%\nnbasics.installed" .venv\.installed >nul
:build
rem After a build that failed or was interrupted, Sphinx starts without what it remembers.
if not exist docs\_build\doctrees\finished if exist docs\_build\doctrees rmdir /s /q docs\_build\doctrees
if exist docs\_build\doctrees\finished del docs\_build\doctrees\finished
%BIN%\sphinx-build -b html -W --keep-going -n -q -d docs\_build\doctrees docs docs\_build\html || goto failed
type nul > docs\_build\doctrees\finished
echo The site is in %CD%\docs\_build\html: open %CD%\docs\_build\html\index.html
if "%~1" == "html" goto end
%BIN%\ruff check . || goto failed
%BIN%\ruff format --check . || goto failed
%BIN%\mypy || goto failed
%BIN%\pytest -n 2 -m "not slow and not browsers" --ignore=tests/site --cov || goto failed
%BIN%\pytest -n 2 -m "not slow and not browsers" tests/site || goto failed
goto end

:clean
for /d %%m in (docs\*) do if exist %%m\fingerprint.sha256 rmdir /s /q %%m
for %%d in (.venv docs\_build docs\api dist mutants) do if exist %%d rmdir /s /q %%d
goto end

:failed
popd
exit /b 1
:end
popd
