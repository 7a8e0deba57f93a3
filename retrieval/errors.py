"""What is raised on purpose, all of one family."""


class ZhiwenError(Exception):
    """Base of every error this project raises on purpose; its message is one line that says what to do."""


class CorpusError(ZhiwenError):
    """The folder of record files cannot be read."""


class IndexingError(ZhiwenError):
    """The index cannot be written: the disk is full, the folder is not ours, or a process was killed."""


class IndexUnusableError(ZhiwenError):
    """The index on disk is missing, damaged, or made by another format or tokeniser."""


class IndexUnavailableError(ZhiwenError):
    """The index may well be whole, but the cluster that has it cannot be reached, or does not let us in."""


class QuestionSetError(ZhiwenError):
    """A file of questions for evaluation is not of a form that can be read."""
