"""What the pages share.

Streamlit takes a folder called pages/ for its older kind of app until `st.navigation` was called once: the first
visitor of a fresh server, if he came by a link to a page, would get that page bare, without app.py around it. So the
older kind is switched off here, which every page imports first, with its frame (see pyproject.toml: before torch, for
which he would wait at an empty window), and the run begins again with app.py. The switch is not public, and stands in
no module of its own: one of this package that was imported before the run began again would be found half made.

For the same reason it is here that the core is told to ask whose runs and uploads are meant.
"""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

# AttributeError where Streamlit has no such switch any more: then see whether it is needed.
if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()

from ae_core.base.owners import set_owner_provider, set_visitor_provider

from .session.identity import owner, shared_runs, visitor

set_owner_provider(owner)
set_visitor_provider(visitor, shared_runs)
