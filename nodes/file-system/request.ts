/** Reads and writes of byte ranges, as `pread` and `pwrite` of POSIX; bytes are code units 0 to 255. */
export type FileRequest =
  | { readonly kind: "write"; readonly file: string; readonly offset: number; readonly bytes: string }
  | { readonly kind: "read"; readonly file: string; readonly offset: number; readonly length: number };

export type FileReply =
  { readonly kind: "written"; readonly count: number } | { readonly kind: "bytes"; readonly bytes: string };
