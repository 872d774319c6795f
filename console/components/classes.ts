import { clsx, type ClassValue } from 'clsx';
import { twMerge } from 'tailwind-merge';

/** Class names joined, where a later one wins over an earlier one that sets the same thing. */
export const classes = (...names: ClassValue[]): string => twMerge(clsx(names));
