// The version of the atomic command: that of its package.

export const VERSION = '0.1.0';
