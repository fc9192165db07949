# Settings of the site. Code that the build needs is in _ext/.

import logging
import os
import sys
import warnings
from importlib.metadata import version as version_of
from pathlib import Path
from urllib.parse import urlparse

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS / "_ext"))

from catalogue import modules  # noqa: E402 - it is in that folder
from edition import edition  # noqa: E402 - the same

# accessible-pygments, which furo needs, turns on all messages: not matplotlib's.
logging.getLogger("matplotlib").setLevel(logging.WARNING)
# A process that has run a lesson has grown by torch, which joblib takes for a leak.
warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)

# -- the project

project = "Neural Networks: The Basics"
author = "the nnbasics developers"
copyright = "2026, the nnbasics developers"
release = version = version_of("nnbasics")
language = "en"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.githubpages",  # folders that begin with "_" are served, too
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
    "numpydoc",
    "notfound.extension",
    # in _ext
    "catalogue",
    "downloads.finish",
    "exercises",
    "figures",
    "folding",
    "front_figure",
    "lesson_header",
    "maths",
    "minutes",
    "running",
    "theme",
]

exclude_patterns = ["_build", "tutorials", "inventories", "_ext", "*/*.py"]
templates_path = ["_templates"]
nitpicky = True
suppress_warnings = [
    "config.cache",
    # Each module has a page "solutions"; pages are linked by their whole address.
    "sphinx_gallery.duplicate_filename",
]

# -- the lessons

sphinx_gallery_conf = {
    "examples_dirs": [f"tutorials/{module}" for module in modules(DOCS)],
    "gallery_dirs": modules(DOCS),
    "filename_pattern": r"\.py$",
    "parallel": 2,
    "within_subsection_order": "catalogue.ReadingOrder",
    "image_scrapers": ("figures.scraper", "exercises.scraper", "front_figure.scraper"),
    "reset_modules": ("matplotlib", "running.start_lesson"),
    "capture_repr": ("_repr_html_",),
    "backreferences_dir": "api/backreferences",
    "doc_module": ("nnbasics",),
    "inspect_global_variables": False,
    "show_signature": False,
    "min_reported_time": 10**9,  # running times differ from build to build
    "write_computation_times": False,  # that page loads scripts from other hosts
    "download_all_examples": False,
    "remove_config_comments": True,
    "thumbnail_size": (640, 400),
}

# -- the API reference

autosummary_generate = True
autodoc_typehints = "none"  # the docstrings say it, with shapes
autodoc_member_order = "bysource"
add_module_names = False
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
toc_object_entries_show_parents = "hide"

# -- links to other documentation: small inventories, so that no build needs the network

intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "inventories/python.inv"),
    "torch": ("https://docs.pytorch.org/docs/stable", "inventories/torch.inv"),
    "numpy": ("https://numpy.org/doc/stable", "inventories/numpy.inv"),
    "matplotlib": ("https://matplotlib.org/stable", "inventories/matplotlib.inv"),
}

# -- the HTML

html_theme = "furo"
html_title = project
# The address of the site, where it is known: canonical addresses, previews and the
# sitemap need it.
html_baseurl = os.environ.get("SITE_URL") or os.environ.get(
    "READTHEDOCS_CANONICAL_URL", ""
)
if html_baseurl:
    html_baseurl = f"{html_baseurl.rstrip('/')}/"
    extensions += ["previews", "sphinx_sitemap", "sphinxext.opengraph"]
sitemap_url_scheme = "{link}"
sitemap_excludes = ["404.html", "search.html", "genindex.html", "_modules/*"]
notfound_urls_prefix = urlparse(html_baseurl).path or "/"
notfound_context = {
    "title": "Page not found",
    "body": "<h1>Page not found</h1><p>There is no page at this address. The lessons "
    "and all other pages are in the list of contents, and the search finds words in "
    "them.</p>",
}
ogp_site_url = html_baseurl
ogp_social_cards = {"enable": False}  # previews makes better ones
ogp_custom_meta_tags = ['<meta name="twitter:card" content="summary_large_image" />']
html_static_path = ["_static"]
# What the foot of each page says, and reports of mistakes.
html_context = {"edition": edition(release, DOCS.parent)}
html_css_files = ["lessons.css"]
html_js_files = [
    "figures.js",
    "folding.js",
    "keyboard.js",
    # deferred, so in no bundle: one file for all pages that count exercises
    ("exercises.js", {"defer": "defer"}),
]
html_favicon = "_static/logo.svg"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": False,
    "top_of_page_buttons": [],
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
highlight_language = "python"
# Copy what a reader would type: no output and no prompt.
copybutton_selector = "div:not(.sphx-glr-script-out) > div.highlight > pre"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
