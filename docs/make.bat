@echo off
rem Builds the site with Sphinx in an environment that is already active:
rem   pip install -c docs/constraints.txt -e ".[docs]"
rem   docs\make.bat html
pushd %~dp0
set OMP_NUM_THREADS=1
set MPLBACKEND=agg
if "%1" == "" goto help
sphinx-build -M %1 . _build -W --keep-going -n
popd
exit /b %errorlevel%
:help
echo make.bat html        build the site with the active environment
echo make.bat clean       remove the built site
popd
