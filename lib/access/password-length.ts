/** Length is what makes a password hard to guess; rules about its characters mostly make it hard to remember. */
export const MIN_PASSWORD_LENGTH = 12;
/** A longer one would only cost time to hash. */
export const MAX_PASSWORD_LENGTH = 128;
