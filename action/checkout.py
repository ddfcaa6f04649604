"""What the workflow checked out: which folder of it is the project, and what git says about its commits."""

import os
import subprocess
from pathlib import Path

import programs
from runner import CANNOT_TELL, Stop


class Checkout:
    """The repository that the workflow checked out, and the folder in it that is to be the project."""

    def __init__(self, directory):
        self.folder = self.place(directory)
        # A change may have removed the folder; git is asked in what is left of it.
        self.start = next(place for place in (self.folder, *self.folder.parents) if place.is_dir())
        top = self.ask("rev-parse", "--show-toplevel")
        if top.returncode != 0:
            words = top.stderr.strip() or "it does not say why"
            raise Stop(f"git reads no repository here ({words}); put actions/checkout before this action", CANNOT_TELL)
        self.prefix = self.below(Path(top.stdout.removesuffix("\n")).resolve())

    @staticmethod
    def place(directory):
        workspace = Path.cwd().resolve()
        folder = Path(os.path.normpath(workspace / directory))
        if not folder.is_relative_to(workspace):
            raise Stop("the input `directory` names a folder outside of the workspace")
        if folder.resolve() != folder:
            raise Stop(f"`{directory}` leads through a symbolic link; the project has to be in the folder itself")
        return folder

    def below(self, top):
        if not self.folder.is_relative_to(top):
            raise Stop(f"the folder of the project is not in the repository `{top}`")
        path = self.folder.relative_to(top).as_posix()
        return "" if path == "." else path + "/"

    def ask(self, *arguments):
        command = ["git", "--no-pager", "-C", str(self.start), *arguments]
        return programs.run(command, stderr=subprocess.PIPE, errors="replace")

    def git(self, *arguments):
        """What git answers; None when it answers no."""
        done = self.ask(*arguments)
        return done.stdout.strip() if done.returncode == 0 else None

    def is_here(self, commit_id):
        return self.git("cat-file", "-e", f"{commit_id}^{{commit}}") is not None

    def has_directory(self, commit_id):
        """Whether a commit has anything of the project's directory."""
        return bool(self.git("ls-tree", "--full-tree", "--name-only", commit_id, "--", f"{self.prefix}phone-numbers/"))

    def require_project(self, base):
        """phone-dir looks for a project upwards; the one to judge here is that of the folder, and no other."""
        name = self.prefix.rstrip("/") or "."
        if not self.has_directory("HEAD"):
            if base and self.has_directory(base):
                raise Stop(f"this removes the project in `{name}`: no `{self.prefix}phone-numbers/` is left", CANNOT_TELL)
            raise Stop(f"there is no project in `{name}`: HEAD has no `{self.prefix}phone-numbers/`", CANNOT_TELL)
        directory = self.folder / "phone-numbers"
        if directory.is_symlink() or not directory.is_dir():
            raise Stop(f"`{self.prefix}phone-numbers/` is committed, and no folder in the checkout", CANNOT_TELL)
