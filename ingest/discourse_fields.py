"""The fields of Discourse's topics and posts that are read, or known to be of no use."""

from __future__ import annotations

POST = frozenset(
    {
        *("id", "name", "username", "display_username", "avatar_template", "created_at", "updated_at", "cooked", "raw"),
        *("post_number", "post_type", "posts_count", "reply_count", "reply_to_post_number", "reply_to_user", "score"),
        *("quote_count", "incoming_link_count", "reads", "readers_count", "yours", "topic_id", "topic_slug", "version"),
        *(
            "topic_title",
            "topic_html_title",
            "category_id",
            "post_url",
            "primary_group_name",
            "flair_name",
            "flair_url",
        ),
        *("flair_bg_color", "flair_color", "flair_group_id", "badges_granted", "user_badges", "can_edit", "can_delete"),
        *("can_recover", "can_wiki", "can_see_hidden_post", "can_view_edit_history", "can_accept_answer", "can_vote"),
        *("can_unaccept_answer", "accepted_answer", "topic_accepted_answer", "link_counts", "read", "user_title"),
        *("title_is_group", "bookmarked", "bookmarks", "actions_summary", "moderator", "admin", "staff", "user_id"),
        *("hidden", "hidden_reason_id", "cooked_hidden", "trust_level", "deleted_at", "deleted_by", "user_deleted"),
        *("edit_reason", "wiki", "locale", "user_status", "mentioned_users", "reactions", "current_user_reaction"),
        *("reaction_users_count", "current_user_used_main_reaction", "action_code", "via_email", "user_signature"),
        *("primary_group_flair_url", "primary_group_flair_color", "primary_group_flair_bg_color", "notice", "excerpt"),
        *(
            "is_auto_generated",
            "user_custom_fields",
            "custom_user_title",
            "group_moderator",
            "like_count",
            "shared_likes",
        ),
    }
)
"""Fields of a post."""

TOPIC = frozenset(
    {
        *("id", "title", "fancy_title", "slug", "category_id", "tags", "tags_descriptions", "created_at", "views"),
        *("posts_count", "reply_count", "like_count", "last_posted_at", "visible", "closed", "archived", "archetype"),
        *("has_summary", "has_deleted", "user_id", "image_url", "thumbnails", "word_count", "deleted_at", "deleted_by"),
        *("featured_link", "pinned", "pinned_globally", "pinned_at", "pinned_until", "unpinned", "draft", "draft_key"),
        *(
            "draft_sequence",
            "current_post_number",
            "highest_post_number",
            "actions_summary",
            "chunk_size",
            "bookmarked",
        ),
        *("bookmarks", "topic_timer", "message_bus_last_id", "participant_count", "show_read_indicator", "details"),
        *("post_stream", "timeline_lookup", "suggested_topics", "related_topics", "slow_mode_seconds", "is_warning"),
        *("slow_mode_enabled_until", "summarizable", "can_vote", "vote_count", "user_voted", "accepted_answer"),
        *("has_accepted_answer", "valid_reactions", "category_name", "category_slug", "participants", "posters"),
        *("discourse_zendesk_plugin_zendesk_id", "discourse_zendesk_plugin_zendesk_url", "last_poster_username"),
        *("bumped", "bumped_at", "liked", "unseen", "locale", "external_id", "posts", "is_shared_draft"),
    }
)
"""Fields of a topic."""
