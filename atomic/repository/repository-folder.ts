// What the folder of a repository is called, for those that need nothing else of it.

export const REPOSITORY_FOLDER = '.atomic';
