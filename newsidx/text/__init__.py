"""What a word is: tokens, their folded forms, stems and stop words.

Pure functions over strings, shared by every engine, so that all of them index and
find the same words.
"""
