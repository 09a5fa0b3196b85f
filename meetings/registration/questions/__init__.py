"""A meeting's own questions in the registration: their forms and answers.

Their views are in `question_views`.
"""
